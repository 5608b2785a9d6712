/** Names of fields by what they hold. 64-bit ids are text. */
export interface FieldTypes {
  readonly numbers: readonly string[];
  readonly text: readonly string[];
  readonly flags: readonly string[];
}

/** What an expression can read of an alert of a survey. */
export interface SurveyFields {
  readonly candidate: FieldTypes;
  /** Fields that earlier points have in the packet as in the store, where a limit keeps little of its packet. */
  readonly history: FieldTypes;
}

const ztf: SurveyFields = {
  candidate: {
    numbers: words(
      'jd fid pid diffmaglim programid nid rcid field xpos ypos ra dec magpsf sigmapsf chipsf magap',
      'sigmagap distnr magnr sigmagnr chinr sharpnr sky magdiff fwhm classtar mindtoedge magfromlim',
      'seeratio aimage bimage aimagerat bimagerat elong nneg nbad rb ssdistnr ssmagnr sumrat magapbig',
      'sigmagapbig ranr decnr sgmag1 srmag1 simag1 szmag1 sgscore1 distpsnr1 ndethist ncovhist jdstarthist',
      'jdendhist scorr tooflag sgmag2 srmag2 simag2 szmag2 sgscore2 distpsnr2 sgmag3 srmag3 simag3 szmag3',
      'sgscore3 distpsnr3 nmtchps jdstartref jdendref nframesref dsnrms ssnrms dsdiff magzpsci magzpsciunc',
      'magzpscirms nmatches clrcoeff clrcounc zpclrcov zpmed clrmed clrrms neargaia neargaiabright maggaia',
      'maggaiabright exptime drb',
    ),
    text: words('candid isdiffpos ssnamenr objectidps1 objectidps2 objectidps3 rbversion drbversion'),
    flags: words(''),
  },
  history: {
    numbers: words(
      'jd fid diffmaglim programid xpos ypos ra dec magpsf sigmapsf chipsf magap sigmagap distnr magnr',
      'sigmagnr chinr sharpnr sky magdiff fwhm classtar mindtoedge magfromlim seeratio aimage bimage',
      'aimagerat bimagerat elong nneg nbad rb ssdistnr ssmagnr sumrat magapbig sigmagapbig ranr decnr scorr',
    ),
    text: words('candid isdiffpos ssnamenr'),
    flags: words(''),
  },
};

const lsst: SurveyFields = {
  candidate: {
    numbers: words(
      'detector midpointMjdTai ra raErr dec decErr ra_dec_Cov x xErr y yErr apFlux apFluxErr snr psfFlux',
      'psfFluxErr psfLnL psfChi2 psfNdata trailFlux trailFluxErr trailRa trailRaErr trailDec trailDecErr',
      'trailLength trailLengthErr trailAngle trailAngleErr trailChi2 trailNdata dipoleMeanFlux',
      'dipoleMeanFluxErr dipoleFluxDiff dipoleFluxDiffErr dipoleLength dipoleAngle dipoleChi2 dipoleNdata',
      'scienceFlux scienceFluxErr templateFlux templateFluxErr ixx iyy ixy ixxPSF iyyPSF ixyPSF',
      'extendedness reliability timeProcessedMjdTai timeWithdrawnMjdTai bboxSize',
    ),
    text: words('diaSourceId visit diaObjectId ssObjectId parentDiaSourceId band'),
    flags: words(
      'centroid_flag apFlux_flag apFlux_flag_apertureTruncated isNegative psfFlux_flag psfFlux_flag_edge',
      'psfFlux_flag_noGoodPixels trail_flag_edge forced_PsfFlux_flag forced_PsfFlux_flag_edge',
      'forced_PsfFlux_flag_noGoodPixels shape_flag shape_flag_no_pixels shape_flag_not_contained',
      'shape_flag_parent_source isDipole dipoleFitAttempted pixelFlags pixelFlags_bad pixelFlags_cr',
      'pixelFlags_crCenter pixelFlags_edge pixelFlags_nodata pixelFlags_nodataCenter',
      'pixelFlags_interpolated pixelFlags_interpolatedCenter pixelFlags_offimage pixelFlags_saturated',
      'pixelFlags_saturatedCenter pixelFlags_suspect pixelFlags_suspectCenter pixelFlags_streak',
      'pixelFlags_streakCenter pixelFlags_injected pixelFlags_injectedCenter pixelFlags_injected_template',
      'pixelFlags_injected_templateCenter glint_trail',
    ),
  },
  history: {
    numbers: words('midpointMjdTai psfFlux psfFluxErr ra dec snr diaNoise'),
    text: words('band diaSourceId diaForcedSourceId visit'),
    flags: words('isNegative'),
  },
};

/** By survey: ZTF's fields of schema 4.02 and LSST's of 11.0, without bookkeeping that filters cannot rely on. */
export const SURVEY_FIELDS: Readonly<Record<string, SurveyFields>> = { ztf, lsst };

function words(...lines: readonly string[]): readonly string[] {
  return lines.flatMap((line) => line.split(' ')).filter((word) => word !== '');
}
