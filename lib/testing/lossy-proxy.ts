import type { AddressInfo } from "node:net";
import { connect, createServer, type Socket } from "node:net";

/** Stands between a client and a server and can lose what the server says, as a network does, or lead to another. */
export interface LossyProxy {
  /** The URL with the proxy's port in place of the server's. */
  url(serverUrl: string): string;
  /** From now on: cuts the connection instead of passing on the first answer for which this is true. */
  loseWhen(isLost: (answer: Buffer) => boolean): void;
  /** From now on: to another server. Connections are cut. */
  leadTo(serverUrl: string): void;
  /** From now on nothing passes, and nobody is told, as with a server that is frozen. @returns lets all of it pass again */
  freeze(): () => void;
  /** How many answers were lost. */
  readonly lost: number;
  close(): Promise<void>;
}

export async function startLossyProxy(serverUrl: string): Promise<LossyProxy> {
  let { hostname, port } = new URL(serverUrl);
  const sockets = new Set<Socket>();
  let isLost: ((answer: Buffer) => boolean) | undefined;
  let lost = 0;
  let frozen = false;
  const server = createServer((client) => {
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) {
      sockets.add(socket);
      if (frozen) setImmediate(() => socket.pause());
      socket
        .on("error", () => {})
        .on("close", () => {
          sockets.delete(socket);
          client.destroy();
          upstream.destroy();
        });
    }
    client.pipe(upstream);
    upstream.on("data", (answer) => {
      if (!isLost?.(answer)) return client.write(answer);
      isLost = undefined;
      lost++;
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url(given) {
      const through = new URL(given);
      through.hostname = "127.0.0.1";
      through.port = String((server.address() as AddressInfo).port);
      return through.href;
    },
    loseWhen(when) {
      isLost = when;
    },
    leadTo(other) {
      ({ hostname, port } = new URL(other));
      for (const socket of sockets) socket.destroy();
    },
    freeze() {
      frozen = true;
      for (const socket of sockets) socket.pause();
      return () => {
        frozen = false;
        for (const socket of sockets) socket.resume();
      };
    },
    get lost() {
      return lost;
    },
    close: () =>
      new Promise((resolve) => {
        for (const socket of sockets) socket.destroy();
        server.close(() => resolve());
      }),
  };
}
