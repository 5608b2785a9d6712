// Runs the tests of this workflow and keeps their histories in test/histories.
import './recording.js';
import '../workflows/transient-time.test.js';
