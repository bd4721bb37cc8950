// The .NET client as its users have it: settings of the test environment, id and key from Key Vault, and no word of an emulator.
using Altinn.ApiClients.Maskinporten.Config;
using Altinn.ApiClients.Maskinporten.Extensions;
using Altinn.ApiClients.Maskinporten.Services;
using Azure.Identity;
using Azure.Security.KeyVault.Secrets;
using Microsoft.Extensions.DependencyInjection;

static string Setting(string name) => Environment.GetEnvironmentVariable($"kvSetting__{name}") ?? throw new InvalidOperationException(name);

var credential = new ClientSecretCredential(Setting("TenantId"), Setting("ClientId"), Setting("ClientSecret"));
var vault = new SecretClient(new Uri(Setting("SecretUri")), credential);
var settings = new MaskinportenSettings
{
    Environment = "test",
    ClientId = vault.GetSecret("MaskinportenSettings--ClientId").Value.Value,
    EncodedJwk = vault.GetSecret("MaskinportenSettings--EncodedJwk").Value.Value,
    Scope = "altinn:serviceowner/instances.read",
    ExhangeToAltinnToken = true,
    UseAltinnTestOrg = true,
};

var services = new ServiceCollection();
services.AddLogging();
services.AddMaskinportenHttpClient<SettingsJwkClientDefinition>("altinn", settings);
var altinn = services.BuildServiceProvider().GetRequiredService<IHttpClientFactory>().CreateClient("altinn");
Console.WriteLine(await altinn.GetStringAsync("https://platform.tt02.altinn.no/storage/api/v1/instances?org=ttd&appId=ttd/app"));
