"use client";

import { CircleSlash } from "lucide-react";
import { Panel } from "@/components/panel/panel.tsx";
import { EmptyState } from "@/components/ui/empty-state.tsx";
import { useRead } from "@/lib/client/use-read.ts";
import { RedisFigures } from "./redis-figures.tsx";
import { RedisState } from "./redis-state.tsx";
import { redisTable } from "./redis-table.ts";

const height = 92;

/** The second level: whether it is there, how full, what it answered, and what compression spared. */
export function RedisPanel() {
  const read = useRead("queryCache", {});
  const redis = read.data?.redis;
  return (
    <Panel
      id="redis"
      title="Redis"
      unit="second level, for every target"
      read={read}
      height={height}
      info={{
        what: "Answers that processes share, so that each is read from the audit database once. What was asked of it counts in every living process since it started; memory, evictions and refused connections are the server's own (INFO). While Redis is away nothing fails and nobody waits: each process keeps its own answers.",
      }}
      actions={redis && !("code" in redis) && <RedisState level={redis} />}
      table={({ redis: level }) => redisTable(level)}
    >
      {({ redis: level }) =>
        "code" in level ? (
          <div className="grid" style={{ minHeight: height }}>
            <EmptyState icon={<CircleSlash />} title={level.reason}>
              {level.enable && (
                <>
                  To share them between processes, start a Redis server and set{" "}
                  <code className="font-mono text-xs">{level.enable}</code>
                </>
              )}
            </EmptyState>
          </div>
        ) : (
          <RedisFigures level={level} />
        )
      }
    </Panel>
  );
}
