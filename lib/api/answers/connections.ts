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

export const poolerPoolsAnswer = z
  .object({
    pools: z.array(
      z
        .object({
          database: z.string(),
          user: z.string(),
          clientsActive: count.meta({ description: "Clients that have a server connection now" }),
          clientsWaiting: count.meta({ description: "Clients that wait for a server connection" }),
          maxWaitSeconds: z.number().meta({ description: "How long the first of them has waited" }),
          serversActive: count,
          serversIdle: count,
          serversMax: nullableNumber.meta({ description: "Reserve included; null: without limit" }),
          paused: z.boolean().meta({ description: "PAUSE stopped its database" }),
        })
        .meta({ id: "PoolerPool" }),
    ),
  })
  .meta({ id: "PoolerPools" });
