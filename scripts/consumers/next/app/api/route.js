import { instances } from '../../altinn'

export async function GET(request) {
  return new Response(await instances(`route${new URL(request.url).search}`))
}
