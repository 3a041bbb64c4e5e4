import type { Socket } from "node:net";
import { Client, Pool } from "pg";
import type { Db } from "pg-boss";
import type { Sql } from "postgres";
import type { Address } from "../address/types.ts";
import { createDialer } from "../audit-db/pool/dialer.ts";
import { lookAt } from "../audit-db/pool/open-client.ts";
import { startupSettings } from "../audit-db/pool/session-settings.ts";
import { understand } from "../audit-db/pool/understand.ts";

export interface QueuePool extends Db {
  close(): Promise<void>;
}

/** pg-boss fetches, settles and supervises one statement at a time each; three never wait for one another long. */
const max = 3;
/** A frozen server keeps the socket and says nothing. */
const answerWithinMs = 15_000;
const connectWithinMs = 5_000;

/**
 * What pg-boss runs its statements with: a pool of the `pg` driver over the sockets that our own driver gets too, and
 * with our session settings, whatever the role, the database or the address says. Connections are opened when they are
 * needed, so it outlives restarts of the server; each failure is its statement's alone.
 * @param listener takes care of LISTEN, and of its connection
 */
export function openQueuePool(to: string | Address, listener: Pick<Sql, "listen">): QueuePool {
  const given = understand(to);
  // Jobs are written: of several servers only one that takes writes will do.
  const choose = given.hosts.length > 1 && !given.attributesGiven;
  const address: Address = choose ? { ...given, targetSessionAttrs: "primary" } : given;
  const dialer = createDialer(address, connectWithinMs, (dialed) => lookAt(address, dialed));

  /** The driver is given a socket that is open and encrypted already. */
  class DialedClient extends Client {
    override connect(done?: (...outcome: never[]) => void): Promise<this> {
      const opened = dialer.dial().then(async ({ socket }) => {
        const { connection } = this as unknown as { connection: { stream: Socket } };
        connection.stream.destroy();
        connection.stream = Object.assign(socket, {
          connect() {
            setImmediate(() => socket.emit("connect"));
            return socket;
          },
        });
        await super.connect();
      });
      if (!done) return opened.then(() => this);
      opened.then(() => done(), done as (thrown: unknown) => void);
      return Promise.resolve(this);
    }
  }

  const pool = new Pool({
    user: address.user,
    database: address.database,
    password: dialer.password,
    ssl: false,
    options: optionsOf(address),
    Client: DialedClient as unknown as typeof Client,
    max,
    // The dialer has a limit of its own for each host.
    connectionTimeoutMillis: connectWithinMs * address.hosts.length + 1_000,
    idleTimeoutMillis: 60_000,
    maxLifetimeSeconds: 1_800,
    query_timeout: answerWithinMs,
    allowExitOnIdle: true,
  });
  // A connection that ends while nobody uses it has left the pool already.
  pool.on("error", () => {});
  return {
    async executeSql(text, values) {
      const client = await pool.connect().catch((thrown) => {
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
    async close() {
      await pool.end();
      dialer.close();
    },
  };
}

/** The session's settings, which the driver takes in this form alone; of two values in `options` the later one holds. */
function optionsOf({ options }: Address): string {
  const settings = {
    ...startupSettings("console"),
    application_name: "audit-db-dashboard queue",
    statement_timeout: String(answerWithinMs),
  };
  const ours = Object.entries(settings).map(([name, value]) => `-c ${name}=${escapeOption(value)}`);
  return [...(options === undefined ? [] : [options]), ...ours].join(" ");
}

/** The server splits `options` at spaces. */
function escapeOption(value: string): string {
  return value.replace(/[\\\s]/g, "\\$&");
}

/** Ends and timeouts of connections come without a code. */
function withCode(thrown: unknown): unknown {
  if (!(thrown instanceof Error) || "code" in thrown) return thrown;
  return Object.assign(thrown, { code: /timeout/i.test(thrown.message) ? "NO_ANSWER" : "CONNECTION_CLOSED" });
}
