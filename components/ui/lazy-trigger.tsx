"use client";

/**
 * Menus and popovers cost 25 kB that no page needs to be read. Until one is opened its trigger stands alone; hovering
 * or focusing it fetches the code, a click opens. Used by dropdown-menu.tsx and popover.tsx only.
 */
import { cloneElement, type ReactElement, useState } from "react";
import { toast } from "@/lib/client/notices.ts";

/** Props a trigger must accept: any button does. */
export type TriggerElement = ReactElement<{
  onClick?: unknown;
  onPointerEnter?: unknown;
  onFocus?: unknown;
  onKeyDown?: unknown;
}>;

/** A module that is fetched once for the whole page. */
export function lazyModule<M>(load: () => Promise<M>) {
  let loaded: M | null = null;
  let loading: Promise<M> | null = null;
  return {
    get: () => loaded,
    fetch: () => {
      loading ??= load().then(
        (module) => {
          loaded = module;
          return module;
        },
        (thrown) => {
          loading = null;
          throw thrown;
        },
      );
      return loading;
    },
  };
}

/** The module once its trigger was used, and until then the trigger to show. */
export function useLazyTrigger<M>(
  module: ReturnType<typeof lazyModule<M>>,
  trigger: TriggerElement,
  popup: "menu" | "dialog",
  onOpen?: () => void,
): { module: M; trigger: null } | { module: null; trigger: ReactElement } {
  const [active, setActive] = useState(false);
  const ready = module.get();
  if (active && ready) return { module: ready, trigger: null };
  const prefetch = () => void module.fetch().catch(() => undefined);
  const open = () =>
    void module.fetch().then(
      () => {
        setActive(true);
        onOpen?.();
      },
      () =>
        toast.critical("This could not be loaded", { description: "Check the network, or reload the page." }),
    );
  return {
    module: null,
    trigger: cloneElement(trigger, {
      "aria-haspopup": popup,
      "aria-expanded": false,
      onPointerEnter: prefetch,
      onFocus: prefetch,
      onClick: open,
      ...(popup === "menu" && {
        onKeyDown: (event: KeyboardEvent) => {
          if (event.key !== "ArrowDown") return;
          event.preventDefault();
          open();
        },
      }),
    } as object),
  };
}
