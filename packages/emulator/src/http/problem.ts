/** RFC 9457 problem documents, for errors whose body nobody has documented. */
export function problem(status: number, title: string, detail?: string): Response {
  const body = { title, status, ...(detail === undefined ? {} : { detail }) }
  return new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/problem+json' } })
}
