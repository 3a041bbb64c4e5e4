import { Lock } from "lucide-react";
import { Time } from "@/components/ui/time.tsx";
import type { RelationLock } from "@/lib/partition-facts/types.ts";

/** "Locked by psql (alice), pid 4711" or who waits for the lock, with everybody queueing behind. */
export function lockInWords(lock: RelationLock): string {
  const who = [lock.application || "a session", lock.user && `(${lock.user})`].filter(Boolean).join(" ");
  return lock.granted
    ? `Locked by ${who}, pid ${lock.pid}`
    : `${who}, pid ${lock.pid}, waits for an exclusive lock; everybody else queues behind it`;
}

/** The same as a line of a table or sheet. */
export function PartitionLock({ lock }: { lock: RelationLock }) {
  return (
    <span className="inline-flex items-center gap-1 text-xs text-warning">
      <Lock aria-hidden className="size-3 shrink-0" />
      <span>
        {lockInWords(lock)}
        {lock.since && (
          <>
            , since <Time at={lock.since} show="moment" />
          </>
        )}
      </span>
    </span>
  );
}
