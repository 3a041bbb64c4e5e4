"use client";

import { Switch } from "@/components/ui/checkbox.tsx";
import { notifications, useNotifications } from "@/lib/client/notifications.ts";

/** Asks the browser for its permission only once somebody turns it on. */
export function NotificationSwitch() {
  const state = useNotifications();
  if (state === "unsupported")
    return <span className="text-xs text-faint">Desktop notifications need https</span>;
  if (state === "denied")
    return <span className="text-xs text-faint">This browser refuses notifications of this site</span>;
  return (
    <Switch
      label="Notify on this desktop"
      checked={state === "on"}
      onChange={(on) => void notifications.turn(on)}
    />
  );
}
