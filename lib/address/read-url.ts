import { refuseAddress } from "./refuse.ts";

/**
 * The keywords of a PostgreSQL URL, taken apart as libpq's `conninfo_uri_parse` does: the first `@` ends the
 * credentials, hosts are lists, `%XX` is decoded in every part and `+` is a plus. A parameter wins over the part of the
 * URL that says the same.
 * @throws AppError BAD_INPUT naming the part that cannot be read, never its text
 */
export function readUrl(url: string): Map<string, string> {
  const opening = /^postgres(?:ql)?:\/\//.exec(url)?.[0];
  if (!opening) throw refuseAddress("It must start with postgres:// or postgresql://.");
  const found = new Map<string, string>();
  const keep = (keyword: string, text: string, part: string) => {
    if (text !== "") found.set(keyword, decode(text, part));
  };
  let rest = url.slice(opening.length);

  const [, user, password] = /^([^@/:]*)(?::([^@/]*))?@/.exec(rest) ?? [];
  if (user !== undefined) {
    keep("user", user, "user");
    keep("password", password ?? "", "password");
    rest = rest.slice(rest.indexOf("@") + 1);
  }

  const { hosts, ports, after } = readHosts(rest);
  keep("host", hosts, "host");
  keep("port", ports, "port");
  rest = after;

  if (rest.startsWith("/")) {
    const end = rest.indexOf("?");
    keep("dbname", rest.slice(1, end < 0 ? undefined : end), "database name");
    rest = end < 0 ? "" : rest.slice(end);
  }
  if (rest.startsWith("?")) readParameters(rest.slice(1), found);
  return found;
}

function readHosts(text: string): { hosts: string; ports: string; after: string } {
  const hosts: string[] = [];
  const ports: string[] = [];
  let rest = text;
  for (;;) {
    const bracketed = rest.startsWith("[");
    const [whole = "", inner = ""] = (bracketed ? /^\[([^\]]+)\]/ : /^([^:/?,]*)/).exec(rest) ?? [];
    if (bracketed && whole === "") throw refuseAddress("An IPv6 address in it is empty or has no closing ].");
    hosts.push(inner);
    rest = rest.slice(whole.length);
    if (bracketed && !/^(?:[:/?,]|$)/.test(rest))
      throw refuseAddress("After the ] of an IPv6 address only : or / may follow.");
    const [port = ""] = /^:[^/?,]*/.exec(rest) ?? [];
    ports.push(port.slice(1));
    rest = rest.slice(port.length);
    if (!rest.startsWith(",")) return { hosts: hosts.join(","), ports: ports.join(","), after: rest };
    rest = rest.slice(1);
  }
}

function readParameters(text: string, found: Map<string, string>): void {
  if (text === "") return;
  for (const pair of text.split("&")) {
    const [keyword = "", value, ...more] = pair.split("=");
    // libpq takes a last & for the end.
    if (pair === "" && text.endsWith("&")) continue;
    if (value === undefined)
      throw refuseAddress(`The parameter ${shown(keyword)} has no value: write ${shown(keyword)}=….`);
    if (more.length > 0)
      throw refuseAddress(`The parameter ${shown(keyword)} has a second "=": write it as %3D.`);
    const name = decode(keyword, "parameter name");
    const decoded = decode(value, name);
    if (name === "ssl" && decoded === "true") found.set("sslmode", "require");
    else found.set(name, decoded);
  }
}

/** A name that somebody wrote, short enough to be shown; a whole secret in its place is not. */
export function shown(name: string): string {
  return /^\w{1,40}$/.test(name) ? name : "without a proper name";
}

function decode(written: string, part: string): string {
  const text = written.trim();
  if (/\s/.test(text)) throw refuseAddress(`The ${part} holds a space: write it as %20.`);
  if (/%(?![0-9a-f]{2})/i.test(text))
    throw refuseAddress(
      `A % in the ${part} is not followed by two hexadecimal digits: write a plain % as %25.`,
    );
  if (/%00/.test(text)) throw refuseAddress(`The ${part} holds %00, which no PostgreSQL text can.`);
  try {
    return decodeURIComponent(text);
  } catch {
    throw refuseAddress(`The ${part} holds %XX that are not UTF-8.`);
  }
}
