import { instances } from '../altinn'

export default async function Plain() {
  return <p>{await instances('plain')}</p>
}
