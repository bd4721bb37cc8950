// One call by the .NET client as its users wire it: the host's own layers, the section, and an HttpClient.
using Altinn.ApiClients.Maskinporten.Extensions;
using Altinn.ApiClients.Maskinporten.Services;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

var builder = Host.CreateApplicationBuilder();
builder.Logging.ClearProviders();
var section = builder.Configuration.GetSection("MaskinportenSettings");
builder.Services.AddMaskinportenHttpClient<SettingsJwkClientDefinition>("api", section);
using var host = builder.Build();
var api = host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("api");
Console.WriteLine(await api.GetStringAsync(args[0]));
