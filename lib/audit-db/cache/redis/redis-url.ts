import { AppError } from "../../../errors.ts";

/** Where Redis is, and in which form it is run. */
export interface RedisAddress {
  form: "single" | "sentinel" | "cluster";
  hosts: { host: string; port: number }[];
  tls: boolean;
  username?: string;
  password?: string;
  db: number;
  /** Of the sentinels' group. */
  masterName?: string;
  /** Where the sentinels ask for one of their own. */
  sentinelPassword?: string;
}

const pattern =
  /^(redis|rediss)(\+sentinel|\+cluster)?:\/\/(?:([^:@/?#]*)(?::([^@/?#]*))?@)?([^@/?#]+)(?:\/([^?#]*))?(?:\?([^#]*))?$/;

/**
 * Reads `redis://[user[:password]@]host[:port][/db]` (`rediss` with TLS), the same with `+cluster` and several
 * hosts, or `redis+sentinel://…@sentinel1:26379,sentinel2/mymaster[?db=0&sentinelPassword=…]`.
 * @throws AppError BAD_INPUT that does not repeat the URL, which may hold a password
 */
export function parseRedisUrl(url: string): RedisAddress {
  const match = pattern.exec(url);
  if (!match) throw malformed("is no address of a Redis server");
  const [, scheme, form, user, password, hosts = "", path = "", query = ""] = match;
  const options = new URLSearchParams(query);
  const sentinel = form === "+sentinel";
  const [username, secret] = [decode(user), decode(password)];
  const sentinelPassword = options.get("sentinelPassword") ?? undefined;
  const db = Number(sentinel ? (options.get("db") ?? 0) : path || 0);
  if (sentinel && !path)
    throw malformed("must end with the group's name, as in redis+sentinel://host:26379/mymaster");
  if (!Number.isInteger(db) || db < 0) throw malformed("must name a database by number");
  if (form === "+cluster" && db !== 0) throw malformed("may name no database: a cluster has one");
  return {
    form: sentinel ? "sentinel" : form ? "cluster" : "single",
    hosts: hosts.split(",").map((host) => hostAndPort(host, sentinel ? 26_379 : 6_379)),
    tls: scheme === "rediss",
    db,
    ...(username && { username }),
    ...(secret && { password: secret }),
    ...(sentinel && { masterName: decode(path) ?? "" }),
    ...(sentinelPassword && { sentinelPassword }),
  };
}

function hostAndPort(text: string, defaultPort: number): { host: string; port: number } {
  const [, host, port] = /^(\[[0-9a-f:.]+\]|[^:[\]]+)(?::(\d{1,5}))?$/i.exec(text) ?? [];
  if (!host) throw malformed("has a host that cannot be read");
  return { host: host.replace(/^\[|\]$/g, ""), port: port === undefined ? defaultPort : Number(port) };
}

function decode(text: string | undefined): string | undefined {
  if (text === undefined || text === "") return undefined;
  try {
    return decodeURIComponent(text);
  } catch {
    throw malformed("has a % that escapes nothing");
  }
}

function malformed(what: string): AppError {
  return new AppError("BAD_INPUT", `The Redis URL ${what}.`);
}
