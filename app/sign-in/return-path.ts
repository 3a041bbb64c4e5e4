/** Where to go after signing in: a path of ours, never another site; the start page when in doubt. */
export function returnPath(given: string | string[] | undefined): string {
  const path = Array.isArray(given) ? given[0] : given;
  if (!path || !/^\/(?![/\\])/.test(path)) return "/";
  const { origin, pathname, search } = new URL(path, "http://console.invalid");
  if (origin !== "http://console.invalid" || pathname.startsWith("/sign-in")) return "/";
  return pathname + search;
}
