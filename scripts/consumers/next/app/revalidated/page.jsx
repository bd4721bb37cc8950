import { instances } from '../../altinn'

export const revalidate = 3600

export default async function Revalidated() {
  return <p>{await instances('revalidated')}</p>
}
