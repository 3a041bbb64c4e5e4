import { Client, type ClientConfig, Pool, type PoolClient } from "pg";
import type { Db } from "pg-boss";
import type { Sql } from "postgres";
import { openClient } from "../audit-db/pool/open-client.ts";

export interface QueuePool extends Db {
  close(): Promise<void>;
}

/** pg-boss fetches, settles and supervises one statement at a time each; three never wait for one another long. */
const max = 3;
/** A frozen server keeps the socket and says nothing. */
const answerWithinMs = 15_000;

/**
 * What pg-boss runs its statements with: a pool of the `pg` driver, to the address that our own driver reads from the
 * URL and with our session settings, whatever the role, the database or the URL says. Connections are opened when they
 * are needed, so it outlives restarts of the server; each failure is its statement's alone.
 * @param listener takes care of LISTEN, and of its connection
 */
export function openQueuePool(url: string, listener: Pick<Sql, "listen">): QueuePool {
  const address = readAddress(url);
  const { hosts } = address;
  let at = 0;
  let plain = false;

  class HostClient extends Client {
    constructor(config?: string | ClientConfig) {
      // The pool hides the password from copies of its options.
      const { password } = address.config;
      const ssl = plain ? false : address.ssl;
      super({ ...(config as ClientConfig), ...hosts[at % hosts.length], password, ssl });
    }
  }

  const pool = new Pool({
    ...address.config,
    Client: HostClient,
    max,
    connectionTimeoutMillis: 5_000,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 1_800,
    query_timeout: answerWithinMs,
    keepAlive: true,
    allowExitOnIdle: true,
  });
  // A connection that ends while nobody uses it has left the pool already.
  pool.on("error", () => {});
  const vetted = new WeakSet<PoolClient>();

  async function acquire(): Promise<PoolClient> {
    for (let tried = 1; ; tried++) {
      const asked = at;
      try {
        const client = await pool.connect();
        if (hosts.length > 1 && !vetted.has(client)) await assertWritable(client);
        vetted.add(client);
        return client;
      } catch (thrown) {
        if (address.prefersTls && !plain && refusesTls(thrown)) plain = true;
        else if (tried >= hosts.length) throw thrown;
        // Of several that fail at once only the first moves on.
        else if (at === asked) at++;
      }
    }
  }

  return {
    async executeSql(text, values) {
      const client = await acquire().catch((thrown) => {
        throw withCode(thrown);
      });
      // Unheard, the end of a socket in the middle of a statement would end the process; the statement fails by it too.
      const ignore = () => {};
      client.on("error", ignore);
      let failed = false;
      try {
        return await client.query(text, values);
      } catch (thrown) {
        failed = true;
        throw withCode(thrown);
      } finally {
        client.removeListener("error", ignore);
        client.release(failed);
      }
    },
    async listen(channel, onNotification, onReconnect) {
      const { unlisten } = await listener.listen(channel, onNotification, onReconnect);
      return { close: unlisten };
    },
    close: () => pool.end(),
  };
}

interface Address {
  config: ClientConfig;
  hosts: { host: string; port: number }[];
  ssl: NonNullable<ClientConfig["ssl"]>;
  prefersTls: boolean;
}

/** As our own driver reads the URL, which it does without connecting. */
function readAddress(url: string): Address {
  const { options } = openClient(url, "console", {
    max: 1,
    connection: { application_name: "audit-db-dashboard queue", statement_timeout: answerWithinMs },
  });
  const { host, port, database, user, pass, connection } = options;
  const { sslnegotiation, ssl } = options as { sslnegotiation?: "direct"; ssl?: unknown };
  const { options: own, ...settings } = connection as Record<string, string>;
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(String(value))}`);
  return {
    config: {
      database,
      user,
      password: pass ?? "",
      // Of two values in `options` the later one holds.
      options: [...(own ? [own] : []), ...ours].join(" "),
      ...(sslnegotiation === "direct" && { sslNegotiation: "direct" as const }),
    },
    hosts: host.map((name, i) => ({ host: name, port: port[i] ?? 5432 })),
    ssl: tlsOf(ssl),
    prefersTls: ssl === "prefer",
  };
}

/** What the driver makes of `sslmode`: only `verify-full` looks at the certificate. */
function tlsOf(ssl: unknown): Address["ssl"] {
  if (!ssl) return false;
  if (ssl === "require" || ssl === "allow" || ssl === "prefer") return { rejectUnauthorized: false };
  return typeof ssl === "object" ? ssl : {};
}

/** The server splits `options` at spaces. */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, "\\$&");
}

async function assertWritable(client: PoolClient): Promise<void> {
  const { rows } = await client.query("select pg_catalog.pg_is_in_recovery() as standby");
  if (!rows[0].standby) return;
  client.release(true);
  throw Object.assign(new Error("a standby takes no jobs"), { code: "25006" });
}

function refusesTls(thrown: unknown): boolean {
  return thrown instanceof Error && thrown.message === "The server does not support SSL connections";
}

/** Ends and timeouts of connections come without a code. */
function withCode(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || "code" in thrown) return thrown;
  return Object.assign(thrown, { code: /timeout/i.test(thrown.message) ? "NO_ANSWER" : "CONNECTION_CLOSED" });
}
