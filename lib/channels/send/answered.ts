import { quoted } from "./delivery-failure.ts";

/** "202: Accepted", bounded and without secrets. */
export function answered(status: number, text: string, secrets: readonly string[]): string {
  const said = quoted(text, secrets);
  return said ? `${status}: ${said}` : String(status);
}
