import type { Sql } from "postgres";

/** One ear for a channel of the console database. */
export interface Channel {
  /** @returns its own removal */
  listen(listener: (message: string) => void): () => void;
}

const retryMs = 5_000;

/**
 * Hears a channel from the first listener on, on one connection however many listen. What was said while the connection
 * was away is lost: whoever shows something of it asks for it from time to time as well.
 */
export function openChannel(console: Sql, channel: string): Channel {
  const listeners = new Set<(message: string) => void>();
  let listening: Promise<{ unlisten(): Promise<void> } | undefined> | undefined;

  function begin(): void {
    listening ??= console
      .listen(channel, (message) => {
        for (const listener of listeners) listener(message);
      })
      .catch(() => {
        setTimeout(() => {
          listening = undefined;
          if (listeners.size > 0) begin();
        }, retryMs).unref();
        return undefined;
      });
  }

  return {
    listen(listener) {
      listeners.add(listener);
      begin();
      return () => {
        listeners.delete(listener);
        if (listeners.size > 0) return;
        const ended = listening;
        listening = undefined;
        void ended?.then((meta) => meta?.unlisten()).catch(() => {});
      };
    },
  };
}
