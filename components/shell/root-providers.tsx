"use client";

/** Everything every page needs, signed in or not: theme, URL state, reads, tooltips, toasts, the CSP nonce. */
import { QueryClientProvider } from "@tanstack/react-query";
import { setNonce } from "get-nonce";
import { ThemeProvider } from "next-themes";
import { NuqsAdapter } from "nuqs/adapters/next/app";
import { type ReactNode, useState } from "react";
import { Toaster } from "@/components/ui/toaster.tsx";
import { createQueryClient } from "@/lib/client/query-client.ts";

export function RootProviders({
  nonce: given,
  children,
}: {
  nonce: string | undefined;
  children: ReactNode;
}) {
  // The document keeps the policy it was loaded with; a later navigation brings another nonce that it would refuse.
  const [nonce] = useState(() => {
    if (given) setNonce(given);
    return given;
  });
  const [client] = useState(createQueryClient);
  return (
    <ThemeProvider
      attribute="data-theme"
      defaultTheme="system"
      enableSystem
      disableTransitionOnChange
      storageKey="audit-db.theme"
      {...(nonce && { nonce })}
    >
      <NuqsAdapter>
        <QueryClientProvider client={client}>
          {children}
          <Toaster />
        </QueryClientProvider>
      </NuqsAdapter>
    </ThemeProvider>
  );
}
