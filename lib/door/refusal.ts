/** An answer that needs no more of the request than its first lines. */
export interface Refusal {
  status: number;
  /** Plain text. */
  text: string;
  headers?: Record<string, string>;
}

export const refusal = (status: number, text: string, headers?: Record<string, string>): Refusal => ({
  status,
  text,
  ...(headers && { headers }),
});
