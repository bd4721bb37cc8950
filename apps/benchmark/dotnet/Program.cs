// The .NET original as its README has it: a named client that exchanges. Says when its first call is answered, then how
// long each of the calls after it took, in milliseconds.
using System.Diagnostics;
using System.Text.Json;
using Altinn.ApiClients.Maskinporten.Config;
using Altinn.ApiClients.Maskinporten.Extensions;
using Altinn.ApiClients.Maskinporten.Services;
using Microsoft.Extensions.DependencyInjection;

var options = new JsonSerializerOptions { PropertyNameCaseInsensitive = true };
var settings = JsonSerializer.Deserialize<MaskinportenSettings>(Environment.GetEnvironmentVariable("SETTINGS")!, options)!;
var url = args[0];
var calls = int.Parse(args[1]);

var services = new ServiceCollection();
services.AddLogging();
services.AddMaskinportenHttpClient<SettingsJwkClientDefinition>("altinn", settings);
await using var provider = services.BuildServiceProvider();
var client = provider.GetRequiredService<IHttpClientFactory>().CreateClient("altinn");

using (var first = await client.GetAsync(url))
{
    first.EnsureSuccessStatusCode();
    await first.Content.ReadAsStringAsync();
}
Console.WriteLine("""{ "first": true }""");

var watch = Stopwatch.StartNew();
for (var call = 0; call < calls; call++)
{
    using var answer = await client.GetAsync(url);
    answer.EnsureSuccessStatusCode();
    await answer.Content.ReadAsStringAsync();
}
Console.WriteLine($$"""{ "callMs": {{(watch.Elapsed.TotalMilliseconds / calls).ToString(System.Globalization.CultureInfo.InvariantCulture)}} }""");
