/** SQL of a timestamptz column as the product writes instants: ISO 8601 in UTC with six digits of a second. */
export const isoMicros = (column: string): string =>
  `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
