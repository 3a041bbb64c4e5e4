import type { Address, Host } from "../../address/types.ts";
import { type Dialed, type DialOptions, dial, type Way } from "./dial.ts";

/** What a session says of its server, without any setting of ours. */
export interface Look {
  inRecovery: boolean;
  readOnly: boolean;
}

/** Signs in on an open socket, looks, and ends the session. @throws the server's refusal */
export type TakeLook = (dialed: Dialed) => Promise<Look>;

interface Found {
  way: Way;
  /** Epoch milliseconds. */
  at: number;
}

/** For how long a way that was found is gone without a second look. */
const freshMs = 10_000;
const newestWays = new WeakMap<Address, Found>();

/**
 * Opens a socket where libpq would connect: the hosts in turn, on each the kinds of encryption that `sslmode` allows,
 * the first whose server takes the role and has the wanted attributes. Where the next way depends on what a server says
 * after signing in, somebody signs in apart, once in 10 s; pools of one address stay together with what was found.
 */
export async function dialFound(address: Address, options: DialOptions, look: TakeLook): Promise<Dialed> {
  const found = newestWays.get(address);
  if (found && Date.now() - found.at < freshMs) {
    try {
      return await dial(address, found.way, options);
    } catch (thrown) {
      if (options.signal.aborted) throw thrown;
    }
  }
  const outcome = await search(address, found?.way, options, look);
  if ("socket" in outcome) return outcome;
  newestWays.set(address, { way: outcome, at: Date.now() });
  return dial(address, outcome, options);
}

/** An open socket where only one way is left, the way where it took a look to choose. */
async function search(
  address: Address,
  last: Way | undefined,
  options: DialOptions,
  look: TakeLook,
): Promise<Dialed | Way> {
  const { targetSessionAttrs: wanted } = address;
  const rounds = wanted === "prefer-standby" ? (["standby", "any"] as const) : [wanted];
  let failure: unknown;
  for (const attributes of rounds) {
    for (const host of hostsInTurn(address, last)) {
      const outcome = await tryHost(host, attributes);
      if ("found" in outcome) return outcome.found;
      failure = outcome.failure;
      if (outcome.final) throw failure;
    }
  }
  throw failure;

  async function tryHost(host: Host, attributes: Address["targetSessionAttrs"]): Promise<Tried> {
    const ways = waysTo(host, address);
    let failed: unknown;
    for (const [i, way] of ways.entries()) {
      let dialed: Dialed;
      try {
        dialed = await dial(address, way, options);
      } catch (thrown) {
        // No server: the next host. No TLS with it: the next kind of encryption, or the end.
        failed = thrown;
        if (options.signal.aborted) return { failure: thrown, final: true };
        if (isTls(thrown)) continue;
        return { failure: thrown, final: false };
      }
      // A server without TLS was asked, and is spoken to plainly: the other way is the same.
      const otherWay = i + 1 < ways.length && (way.tls === "off" || dialed.encrypted);
      if (!otherWay && address.hosts.length === 1 && attributes === "any" && i === 0)
        return { found: dialed };
      try {
        const mismatch = why(await look(dialed), attributes);
        if (mismatch === undefined) return { found: way };
        return { failure: mismatch, final: false };
      } catch (thrown) {
        failed = thrown;
        if ((thrown as { code?: string }).code === "57P03") return { failure: thrown, final: false };
        if (!otherWay) return { failure: thrown, final: true };
      } finally {
        dialed.socket.destroy();
      }
    }
    return { failure: failed, final: true };
  }
}

type Tried = { found: Dialed | Way } | { failure: unknown; final: boolean };

/** What was found last first, so that a pool stays with its server. */
function hostsInTurn({ hosts, balanced }: Address, last: Way | undefined): Host[] {
  const order = [...hosts];
  if (balanced)
    for (let i = order.length - 1; i > 0; i--) {
      const other = Math.floor(Math.random() * (i + 1));
      [order[i], order[other]] = [order[other] as Host, order[i] as Host];
    }
  return last ? [last.host, ...order.filter((host) => host !== last.host)] : order;
}

function waysTo(host: Host, { tls: { mode } }: Address): Way[] {
  if (host.socket) return [{ host, tls: "off" }];
  const kinds = {
    disable: ["off"],
    allow: ["off", "must"],
    prefer: ["try", "off"],
    require: ["must"],
    "verify-ca": ["must"],
    "verify-full": ["must"],
  } as const;
  return kinds[mode].map((tls) => ({ host, tls }));
}

function why({ inRecovery, readOnly }: Look, wanted: Address["targetSessionAttrs"]): Error | undefined {
  const fits = {
    any: true,
    "read-write": !readOnly,
    "read-only": readOnly,
    primary: !inRecovery,
    standby: inRecovery,
    "prefer-standby": true,
  };
  if (fits[wanted]) return undefined;
  const message = `no server of the address is ${wanted}, which target_session_attrs demands`;
  return Object.assign(new Error(message), { code: "ERR_SESSION_ATTRS" });
}

function isTls(thrown: unknown): boolean {
  const { code = "", message = "" } = thrown as { code?: string; message?: string };
  return /^ERR_(TLS|SSL)|CERT|EPROTO/.test(code) || /before secure TLS|unable to verify/i.test(message);
}
