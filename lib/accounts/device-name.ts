import { getParser } from "bowser";

/** "Firefox 145 on Windows" from a user agent, as far as it tells; browsers tell less and less. */
export function deviceName(userAgent: string | null): string {
  if (!userAgent) return "Unknown device";
  const { browser, os, platform } = getParser(userAgent).getResult();
  if (!browser.name) return os.name ? `A program on ${os.name}` : userAgent.slice(0, 40);
  const name = [browser.name.replace(/^Microsoft /, ""), browser.version?.split(".")[0]];
  // An iPhone says more than iOS does; a Mac has no model.
  const system = platform.vendor === "Apple" && platform.model ? platform.model : os.name;
  return [name.filter(Boolean).join(" "), system].filter(Boolean).join(" on ");
}
