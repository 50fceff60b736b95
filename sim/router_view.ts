/** What admission and routing may see of the instances, as columns with one entry per instance. */
export interface RouterView {
  /** Time of the decision in µs. */
  readonly nowUs: number;
  /** Instances that can serve the request. */
  readonly size: number;
}
