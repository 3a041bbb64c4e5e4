"use client";

/** A link inside the console: carries range, refresh and own-queries along. Use it instead of next/link. */
import Link from "next/link";
import type { ComponentProps } from "react";
import { useKeptHref } from "@/lib/client/url-state.ts";

interface ConsoleLinkProps extends Omit<ComponentProps<typeof Link>, "href"> {
  href: string;
}

export function ConsoleLink({ href, ...rest }: ConsoleLinkProps) {
  const keep = useKeptHref();
  return <Link href={keep(href)} {...rest} />;
}
