/** 'a' of 'a/b', and '@a/b' of '@a/b/c'. */
export function packageName(specifier: string): string {
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/')
}
