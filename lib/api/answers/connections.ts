import { z } from "zod";
import { count, nullableNumber, nullableText, unavailable } from "../parts.ts";

const group = z
  .object({
    name: nullableText,
    count,
    active: nullableNumber,
    idle: nullableNumber,
    idleInTransaction: nullableNumber,
  })
  .meta({ id: "ConnectionGroup" });

export const connectionsAnswer = z
  .object({
    total: count,
    own: count,
    states: z
      .object({
        active: count,
        idle: count,
        idleInTransaction: count,
        idleInTransactionAborted: count,
        fastpath: count,
        disabled: count,
        starting: count,
        unknown: count,
      })
      .nullable(),
    waiting: nullableNumber,
    waitingForLock: nullableNumber,
    byApplication: z.array(group),
    byUser: z.array(group),
    byDatabase: z.array(group),
    byClient: z.array(group).nullable(),
    byBackendType: z.array(group).nullable(),
    limits: z.object({
      maxConnections: count,
      superuserReserved: count,
      reserved: nullableNumber,
      usable: count,
      used: count,
      usedShare: z.number(),
    }),
    hidden: unavailable.nullable(),
  })
  .meta({ id: "ServerConnections" });
