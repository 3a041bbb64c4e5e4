/** One drawn series, as legend, tooltip and summary name it. */
export interface DrawnSeries {
  name: string;
  label: string;
  colour: string;
  index: number;
}
