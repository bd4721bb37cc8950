/** What a client got, where it was what the server gives to one who is let in. Else its figures would be of refusals. */

/** @throws Error for a status other than 2xx. */
export async function answered(answer: Response): Promise<string> {
  const body = await answer.text()
  if (!answer.ok) throw new Error(`the server answered ${answer.status}: ${body}`)
  return body
}
