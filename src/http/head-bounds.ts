/**
 * Characters of all the texts of a request's head together, its trailers included. Node's parser takes 16 KiB of headers, or
 * what `maxHeaderSize` says: the host answers a longer head itself, and a host that sends one all the same is ended.
 */
export const LONGEST_HEAD = 1024 * 1024;

/** A body that is at most so many bytes long, and that has come with its head, goes with it. */
export const SHORT_BODY = 16 * 1024;

interface Head {
  readonly method?: string | null | undefined;
  readonly url?: string | undefined;
  readonly statusMessage?: string | undefined;
  readonly rawHeaders: readonly string[];
  readonly rawTrailers: readonly string[];
}

export function isTooLong(head: Head): boolean {
  return lengthOfHead(head) > LONGEST_HEAD;
}

export function lengthOfHead({ method, url, statusMessage, rawHeaders, rawTrailers }: Head): number {
  return (method?.length ?? 0) + (url?.length ?? 0) + (statusMessage?.length ?? 0) + lengthOfAll(rawHeaders) + lengthOfAll(rawTrailers);
}

export function lengthOfAll(texts: readonly string[]): number {
  let length = 0;
  for (const text of texts) length += text.length;
  return length;
}
