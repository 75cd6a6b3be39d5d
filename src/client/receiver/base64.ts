/** Base64 by what every runtime has: `atob` and `btoa`. */

/** null: the text is no base64 in the standard alphabet. */
export function bytesOfBase64(text: string): Uint8Array<ArrayBuffer> | null {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text)) return null;
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    // Expected: a length that base64 cannot have.
    return null;
  }
}
