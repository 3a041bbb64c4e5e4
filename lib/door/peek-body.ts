import { once } from "node:events";
import type { IncomingMessage } from "node:http";

/**
 * The first `length` bytes of a request's body as text; they stay in front of the body for whoever reads it next.
 * @throws Error when the client goes away before it has sent them
 */
export async function peekBody(request: IncomingMessage, length: number): Promise<string> {
  const chunks: Buffer[] = [];
  for (let size = 0; size < length; ) {
    const chunk = request.read() as Buffer | null;
    if (chunk) {
      chunks.push(chunk);
      size += chunk.length;
      continue;
    }
    if (request.readableEnded || request.destroyed) throw new Error("the request ended early");
    const gone = new AbortController();
    const closed = () => gone.abort(new Error("the client went away"));
    request.once("close", closed);
    await once(request, "readable", { signal: gone.signal }).finally(() => request.off("close", closed));
  }
  const body = Buffer.concat(chunks);
  if (body.length > 0) request.unshift(body);
  return body.toString("utf8");
}
