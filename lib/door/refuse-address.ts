import { type Refusal, refusal } from "./refusal.ts";

const pageMethods = ["GET", "HEAD", "POST"];
const apiMethods = [...pageMethods, "PUT", "PATCH", "DELETE", "OPTIONS"];

/** The path of a request's target, as it was sent. */
export function pathOf(url: string): string {
  return url.split("?", 1)[0] ?? "";
}

/** API and metrics; everything else is pages and their files. */
export function isApi(path: string): boolean {
  return /^\/(api|metrics)(\/|$)/.test(path);
}

/** Methods and addresses that mean nothing here; Next answers some of them with 500. Null for any other. */
export function refuseAddress(method: string, url: string): Refusal | null {
  const path = pathOf(url);
  const allowed = isApi(path) ? apiMethods : pageMethods;
  if (!allowed.includes(method))
    return refusal(405, "This method is not allowed here.", { allow: allowed.join(", ") });
  if (!path.startsWith("/")) return refusal(400, "The address must begin with a slash.");
  if (!isDecodable(path))
    return refusal(400, "The address is malformed: its path is not percent-encoded UTF-8.");
  // Next hands a query on as an object, in which this name is lost and no resource could refuse it.
  if (isApi(path) && new URLSearchParams(url.slice(path.length)).has("__proto__"))
    return refusal(400, "__proto__: unknown.");
  return null;
}

function isDecodable(path: string): boolean {
  try {
    return !decodeURIComponent(path).includes("\0");
  } catch {
    return false;
  }
}
