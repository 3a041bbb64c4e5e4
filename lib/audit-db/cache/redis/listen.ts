import type { RedisClient } from "./connect-redis.ts";
import { channel } from "./keys.ts";
import { type Message, parseMessage } from "./messages.ts";

export interface ListenOptions {
  subscriber: RedisClient;
  onMessage(message: Message): void;
  /** Messages arrive from here on; what was sent before must be looked up. */
  onListening(): Promise<void>;
  /** Messages may be missed from here on. */
  onDeaf(): void;
}

const retryMs = 1_000;

/** Keeps the subscription, over losses of the connection too. @returns stop */
export function listen({ subscriber, onMessage, onListening, onDeaf }: ListenOptions): () => void {
  let stopped = false;
  let retry: NodeJS.Timeout | undefined;
  const begin = async () => {
    try {
      await subscriber.subscribe(channel);
      await onListening();
    } catch {
      clearTimeout(retry);
      if (!stopped && subscriber.status === "ready") retry = setTimeout(begin, retryMs).unref();
    }
  };
  subscriber.on("ready", begin);
  subscriber.on("close", onDeaf);
  subscriber.on("message", (_channel: string, text: string) => {
    const message = parseMessage(text);
    if (message) onMessage(message);
  });
  if (subscriber.status === "ready") void begin();
  return () => {
    stopped = true;
    clearTimeout(retry);
  };
}
