import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { RootProviders } from "@/components/shell/root-providers.tsx";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Audit DB", template: "%s · Audit DB" },
  description: "A console for the people who run an audit database on PostgreSQL",
  icons: { icon: "/icon.svg" },
  manifest: "/manifest.webmanifest",
  robots: { index: false },
};

export const viewport: Viewport = {
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f6f6f8" },
    { media: "(prefers-color-scheme: dark)", color: "#0b0b0e" },
  ],
};

export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh">
        <RootProviders nonce={nonce}>{children}</RootProviders>
      </body>
    </html>
  );
}
