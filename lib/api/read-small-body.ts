import { AppError } from "../errors.ts";
import { decodeBody } from "../ingest/decode-body.ts";

/** A form's fields with room to spare. */
const maxBytes = 65_536;

/**
 * A small request's body, whole, for code that would read a body of any size; JSON is checked, because what reads it
 * next repeats what it cannot parse in its error.
 * @throws AppError BAD_INPUT for a body that is cut short or no JSON, TOO_LARGE
 */
export async function readSmallBody(request: Request, mostBytes = maxBytes): Promise<string> {
  if (!request.body) return "";
  const { headers } = request;
  const body = decodeBody(
    request.body as Parameters<typeof decodeBody>[0],
    { length: headers.get("content-length") },
    { maxEncodedBytes: mostBytes, maxDecodedBytes: mostBytes },
  );
  const text = await Array.fromAsync(body)
    .then((pieces) => pieces.join(""))
    .finally(() => body.discard());
  if (headers.get("content-type")?.includes("application/json") && !isJson(text))
    throw new AppError("BAD_INPUT", "The body is not JSON.");
  return text;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
