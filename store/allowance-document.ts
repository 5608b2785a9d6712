/** What has been taken of something of which there is only so much in a time. */
export interface AllowanceDocument {
  /** Of what and when. */
  readonly _id: string;
  readonly total: number;
  /** By keys of reactions. */
  readonly taken: readonly { readonly key: string; readonly amount: number }[];
  readonly expires: Date;
}
