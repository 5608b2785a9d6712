/**
 * What keeps the units from being read: the configuration, or a package of units that it names. The message names file and
 * cause; it is for the user to mend.
 */
export class SetupProblem extends Error {
  override readonly name = 'SetupProblem';
}
