"use client";

/**
 * Notifications of the desktop: off until a person turns them on in this browser. Of several tabs one shows them, so
 * that nothing is shown twice and one hidden tab alone holds a stream.
 */
import { useSyncExternalStore } from "react";

const storageKey = "audit-db.notify";
const lockName = "audit-db.notify";
const listeners = new Set<() => void>();

/** `unsupported`: this browser has none, or the console is not reached over https. `denied`: the browser refuses. */
export type NotificationState = "off" | "on" | "denied" | "unsupported";

let ours = false;
let asked = false;

function read(): NotificationState {
  if (!("Notification" in window) || !window.isSecureContext) return "unsupported";
  if (Notification.permission === "denied") return "denied";
  try {
    return Notification.permission === "granted" && window.localStorage.getItem(storageKey) === "on"
      ? "on"
      : "off";
  } catch {
    return "off";
  }
}

function tell() {
  for (const listener of listeners) listener();
}

/** The first tab that asks is the one that notifies; when it is closed, the next takes over. */
function take() {
  if (asked || read() !== "on" || !navigator.locks) return;
  asked = true;
  void navigator.locks.request(lockName, () => {
    ours = true;
    return new Promise(() => {});
  });
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  window.addEventListener("storage", listener);
  take();
  return () => {
    listeners.delete(listener);
    window.removeEventListener("storage", listener);
  };
}

export const notifications = {
  /** Whether this tab is the one that notifies. */
  isOurs: () => ours && read() === "on",
  /** To be called by a click: browsers ask for the permission only then. */
  async turn(on: boolean): Promise<NotificationState> {
    if (on && Notification.permission !== "granted") await Notification.requestPermission();
    try {
      window.localStorage.setItem(storageKey, on ? "on" : "off");
    } catch {
      // A browser that keeps nothing notifies nobody.
    }
    take();
    tell();
    return read();
  },
  /** Shows one, which opens `href`; a newer one of the same tag takes its place. */
  show({ title, body, tag, onOpen }: { title: string; body: string; tag: string; onOpen: () => void }) {
    const shown = new Notification(title, { body, tag, icon: "/icon.svg" });
    shown.onclick = () => {
      window.focus();
      onOpen();
      shown.close();
    };
  },
};

export function useNotifications(): NotificationState {
  return useSyncExternalStore(subscribe, read, () => "off");
}
