import { type ClassValue, clsx } from "clsx";

/**
 * Joins class names. Does not resolve conflicts (tailwind-merge would cost every page 8 kB): give a variant
 * prop rather than a class that fights the component's own.
 */
export function cn(...classes: ClassValue[]): string {
  return clsx(classes);
}
