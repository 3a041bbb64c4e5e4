/** Stands for whichever origin the console has: what leads to a path of this one leads to a path of any. */
const anyOrigin = "http://console.invalid";

/**
 * The path with query that a foreign text (an address's `callbackUrl`, a form's field) leads to, or null when it leads
 * out of `origin`. Every redirect to where a text says goes through here.
 *
 * The URL parser, which drops tabs and line feeds, turns backslashes round and resolves `.` and `%2e`, goes first. What
 * it makes of `/.//evil.example` is `//evil.example`, another site to whoever reads it next: only what a second reading
 * leaves as it is will do.
 */
export function ownPath(text: string, origin: string = anyOrigin): string | null {
  if (!URL.canParse(text, origin)) return null;
  const { origin: leadsTo, pathname, search } = new URL(text, origin);
  const path = pathname + search;
  const lasting = URL.canParse(path, origin) && new URL(path, origin).href === origin + path;
  return leadsTo === origin && lasting ? path : null;
}

/** Where to go after signing in: a path of ours, never the sign-in page again; the start page when in doubt. */
export function returnPath(given: string | string[] | undefined): string {
  const text = Array.isArray(given) ? given[0] : given;
  const path = text?.startsWith("/") ? ownPath(text) : null;
  return path && !/^\/sign-in(?![\w-])/.test(path) ? path : "/";
}

/** The sign-in page, which leads back to `path` afterwards. */
export function signInPath(path: string): string {
  const back = returnPath(path);
  return back === "/" ? "/sign-in" : `/sign-in?callbackUrl=${encodeURIComponent(back)}`;
}
