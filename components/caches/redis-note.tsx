import { Time } from "@/components/ui/time.tsx";
import type { CacheWaterfall } from "@/lib/caches/types.ts";

/** What is to be said about the second level in one line: how to add it, or since when and why it is away. */
export function RedisNote({ redis }: { redis: CacheWaterfall["redis"] }) {
  if ("code" in redis)
    return (
      <span>
        {redis.reason}
        {redis.enable && (
          <>
            {" "}
            To add it: <code className="font-mono text-2xs">{redis.enable}</code>
          </>
        )}
      </span>
    );
  if (redis.state === "connecting") return <span>No process has asked Redis yet.</span>;
  if (redis.state === "up") return null;
  return (
    <span className="text-warning">
      Redis is away{redis.state === "partly" && " for some processes"}
      {redis.since && (
        <>
          {" "}
          since <Time at={redis.since} show="moment" />
        </>
      )}
      {redis.reason && `: ${redis.reason}`}. Reads work without it.
    </span>
  );
}
