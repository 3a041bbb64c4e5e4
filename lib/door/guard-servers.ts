import diagnostics from "node:diagnostics_channel";
import { type IncomingMessage, Server, type ServerResponse } from "node:http";

/** Sees a request before anything else does. True when it has answered; otherwise the server's own listener answers. */
export type Guard = (request: IncomingMessage, response: ServerResponse) => boolean | Promise<boolean>;

/**
 * Puts `guard` in front of every HTTP server that this process opens from now on, and lets `prepare` set it up. Next
 * offers no such place: its proxy runs after the address is decoded and beside the buffering of the body, and not for
 * every path. Returns its own removal.
 */
export function guardServers(
  guard: Guard,
  { prepare, onError }: { prepare(server: Server): void; onError(error: unknown): void },
): () => void {
  const channel = "tracing:net.server.listen:asyncStart";
  const take = (message: unknown) => {
    const { server } = message as { server: unknown };
    if (!(server instanceof Server)) return;
    prepare(server);
    const listeners = server.listeners("request");
    server.removeAllListeners("request");
    server.on("request", async (request: IncomingMessage, response: ServerResponse) => {
      try {
        if (await guard(request, response)) return;
      } catch (thrown) {
        // A client that went away; or a fault of ours, of which nobody else would hear.
        if (!request.destroyed) onError(thrown);
        response.destroy();
        return;
      }
      for (const listener of listeners) listener.call(server, request, response);
    });
  };
  diagnostics.subscribe(channel, take);
  return () => {
    diagnostics.unsubscribe(channel, take);
  };
}
