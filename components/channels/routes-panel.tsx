"use client";

import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { Panel } from "@/components/panel/panel.tsx";
import { MatcherChips } from "@/components/silences/matcher-chips.tsx";
import { Button, IconButton } from "@/components/ui/button.tsx";
import { ConfirmDialog } from "@/components/ui/confirm-dialog.tsx";
import type { RouteList } from "@/lib/channels/get-routes.ts";
import type { StoredRoute } from "@/lib/channels/routes.ts";
import { useAdminAction } from "@/lib/client/use-admin-action.ts";
import { useRead } from "@/lib/client/use-read.ts";
import { paceWords } from "./channel-words.ts";
import { RouteDialog } from "./route-dialog.tsx";

/** The routes in the order in which they are asked. */
export function RoutesPanel() {
  const read = useRead("routes", {});
  const [edited, setEdited] = useState<StoredRoute | "new" | null>(null);
  return (
    <Panel
      id="routes"
      title="Routes"
      read={read}
      height={72}
      flush
      info={{
        what: "Which alerts go to which channels, and at which pace. They are asked from the top; the first that takes an alert is the last, unless it goes on. Silences and windows are asked when there is something to tell.",
      }}
      actions={
        <Button size="sm" icon={<Plus />} onClick={() => setEdited("new")}>
          New route
        </Button>
      }
    >
      {({ routes, channels }) => (
        <>
          <ol className="divide-y divide-hairline">
            {routes.map((route, at) => (
              <RouteLine
                key={route.id}
                route={route}
                channels={channels}
                before={routes[at - 1]?.id}
                after={routes[at + 2]?.id}
                last={at >= routes.length - 2}
                onEdit={() => setEdited(route)}
              />
            ))}
          </ol>
          {edited && (
            <RouteDialog
              route={edited === "new" ? null : edited}
              channels={channels}
              onClose={() => setEdited(null)}
            />
          )}
        </>
      )}
    </Panel>
  );
}

interface LineProps {
  route: StoredRoute;
  channels: RouteList["channels"];
  /** The route before it, and the one it would stand before if it moved down. */
  before: string | undefined;
  after: string | undefined;
  /** Nothing but the default is behind it. */
  last: boolean;
  onEdit: () => void;
}

function RouteLine({ route, channels, before, after, last, onEdit }: LineProps) {
  const { id, name, matchers, severities, goOn } = route;
  const isDefault = id === "default";
  const move = useAdminAction("moveRoute");
  return (
    <li className="grid gap-x-6 gap-y-2 px-4 py-3 md:grid-cols-[minmax(0,1fr)_auto]">
      <div className="grid min-w-0 gap-1">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium break-words">{name}</span>
          {!isDefault && <MatcherChips target="" matchers={matchers} />}
        </p>
        <p className="text-sm break-words text-muted">
          {severities.length > 0 ? severities.toReversed().join(" and ") : "No severity"} to{" "}
          <span className="text-ink">{toldWords(route, channels)}</span>, {paceWords(route)}.
          {goOn && " Then the routes behind it."}
        </p>
      </div>
      <div className="flex items-start gap-1">
        {!isDefault && (
          <>
            <IconButton
              label={`Ask ${name} earlier`}
              size="sm"
              disabled={!before || move.pending}
              onClick={() => before && void move.run({ routeId: id, before })}
            >
              <ArrowUp />
            </IconButton>
            <IconButton
              label={`Ask ${name} later`}
              size="sm"
              disabled={last || move.pending}
              onClick={() => void move.run({ routeId: id, before: after ?? "default" })}
            >
              <ArrowDown />
            </IconButton>
          </>
        )}
        <Button size="sm" onClick={onEdit}>
          Change
        </Button>
        {(!isDefault || route.changed) && <Remove route={route} />}
      </div>
    </li>
  );
}

function toldWords({ channels: told }: StoredRoute, channels: RouteList["channels"]): string {
  if (told === null) return channels.length > 0 ? "every channel" : "every channel (there is none)";
  const names = told.map((id) => channels.find((channel) => channel.id === id)?.name ?? "a removed channel");
  return names.join(", ") || "nobody";
}

function Remove({ route: { id, name } }: { route: StoredRoute }) {
  const [asking, setAsking] = useState(false);
  const isDefault = id === "default";
  const remove = useAdminAction("removeRoute", {
    done: isDefault ? `${name} is as it was` : `${name} removed`,
  });
  return (
    <>
      <IconButton label={`Remove ${name}`} size="sm" onClick={() => setAsking(true)}>
        <Trash2 />
      </IconButton>
      <ConfirmDialog
        open={asking}
        onOpenChange={setAsking}
        title={isDefault ? `Reset ${name}` : `Remove ${name}`}
        verb={isDefault ? "Reset route" : "Remove route"}
        pending={remove.pending}
        problem={remove.error?.message ?? null}
        onConfirm={async () => (await remove.run({ routeId: id })) !== null}
      >
        {isDefault
          ? "Everything of warning and critical that no other route takes goes to every channel again."
          : "What it took goes on to the routes behind it. Whoever was told of something is still told its end."}
      </ConfirmDialog>
    </>
  );
}
