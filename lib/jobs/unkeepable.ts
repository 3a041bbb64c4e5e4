import { sqlState } from "../db/errors.ts";

/**
 * Whether storing a result failed for what is wrong with the value and not with the moment: data_exception and
 * program_limit_exceeded, or no JSON at all. An error without a SQLSTATE says neither.
 */
export function isUnkeepable(thrown: unknown, result: unknown): boolean {
  return /^(?:22|54)/.test(sqlState(thrown)) || !isJson(result);
}

function isJson(value: unknown): boolean {
  try {
    JSON.stringify(value);
    return true;
  } catch {
    return false;
  }
}
