"use client";

/** <CopyButton text={sql} label="Copy SQL" />: an icon that answers with a tick. `words` shows the label beside it. */
import { Check, Copy } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button, IconButton } from "./button.tsx";

interface CopyButtonProps {
  text: string | (() => string);
  label?: string;
  words?: boolean;
  /** Instead of two sheets. */
  icon?: ReactNode;
}

export function CopyButton({ text, label = "Copy", words, icon: own }: CopyButtonProps) {
  const [state, setState] = useState<"idle" | "copied" | "refused">("idle");
  useEffect(() => {
    if (state === "idle") return;
    const timer = setTimeout(() => setState("idle"), 1_600);
    return () => clearTimeout(timer);
  }, [state]);
  const copy = async () => {
    setState((await copyText(typeof text === "function" ? text() : text)) ? "copied" : "refused");
  };
  const icon = state === "copied" ? <Check className="text-ok" aria-hidden /> : (own ?? <Copy aria-hidden />);
  const said = state === "copied" ? "Copied" : state === "refused" ? "Copying was refused" : label;
  if (words)
    return (
      <Button size="sm" icon={icon} onClick={copy}>
        {said}
      </Button>
    );
  return (
    <IconButton size="sm" label={said} onClick={copy}>
      {icon}
    </IconButton>
  );
}

/** Copies text; plain http origins have no clipboard API, there the old command does it. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    const area = document.createElement("textarea");
    area.value = text;
    area.style.position = "fixed";
    area.style.opacity = "0";
    document.body.append(area);
    area.select();
    const done = document.execCommand("copy");
    area.remove();
    return done;
  }
}
