import type { StreamRequest } from '../model/stream.js';
import type { StreamDocument } from '../store/documents.js';
import { requireSameSource } from './stream-source.js';

const request: StreamRequest = {
  ...{ name: 'july', survey: 'ztf', clock: 'stream', batchSize: 500 },
  source: { kind: 'archive', paths: ['/a.tar', '/b.tar'] },
};

function known(survey: string, paths: readonly string[]): StreamDocument {
  return {
    _id: 'july',
    survey,
    source: { kind: 'archive', paths },
    clock: 'stream',
    state: 'stopped',
    at: new Date(0),
  };
}

describe('a stream started again', () => {
  it('goes on where it was when its nights are the same, and is new when nobody knows it', () => {
    expect(() => {
      requireSameSource(request, null);
      requireSameSource(request, known('ztf', ['/a.tar', '/b.tar']));
    }).not.toThrow();
  });

  it('needs another name for other nights, for the same in another order, and for another survey', () => {
    const refusal = 'Stream july has positions of another input: ';
    for (const paths of [['/a.tar'], ['/b.tar', '/a.tar']]) {
      expect(() => {
        requireSameSource(request, known('ztf', paths));
      }).toThrow(refusal + paths.join(' '));
    }
    expect(() => {
      requireSameSource(request, known('lsst', ['/a.tar', '/b.tar']));
    }).toThrow('Stream july reads alerts of lsst');
  });
});
