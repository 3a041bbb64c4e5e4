import type { ChannelSecret } from "../config.ts";
import type { Message } from "../message.ts";
import type { Transport } from "./request.ts";

/** One attempt to tell a channel something. */
export interface Attempt {
  /** The delivery's id, the same at each attempt: the idempotency key. */
  id: string;
  message: Message;
  /** As `channelForms` has it for the channel's kind. */
  config: unknown;
  secret: ChannelSecret;
  at: Date;
  transport: Transport;
  /** The mail server of channels that name none. */
  mail: { url: string | undefined; from: string | undefined };
}

export interface Taken {
  /** What the other side said, for the log of deliveries. */
  answer: string;
  /** Why people are not told of it there, or null; undefined where that cannot be known. */
  silencedThere?: string | null;
}

/** @throws DeliveryFailure */
export type Sender = (attempt: Attempt) => Promise<Taken>;
