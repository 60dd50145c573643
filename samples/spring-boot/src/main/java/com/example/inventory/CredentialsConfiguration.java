package com.example.inventory;

import io.github.shortlived.ShortLivedCredentials;
import io.github.shortlived.TokenSource;
import io.github.shortlived.metrics.CredentialMetrics;
import io.github.shortlived.model.AccessToken;
import io.github.shortlived.model.AccessTokenRequest;
import io.github.shortlived.model.Scopes;
import io.github.shortlived.model.ServiceAccount;
import io.micrometer.core.instrument.MeterRegistry;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Creates the credentials of the application, once. */
@Configuration(proxyBeanMethods = false)
class CredentialsConfiguration {
  /** Application Default Credentials; a test replaces this bean. */
  @Bean
  ShortLivedCredentials.Builder credentialsBuilder() {
    return ShortLivedCredentials.builder();
  }

  @Bean(destroyMethod = "close")
  ShortLivedCredentials credentials(ShortLivedCredentials.Builder builder, MeterRegistry registry) {
    CredentialMetrics metrics = CredentialMetrics.of(registry);
    return metrics.monitor(builder.listener(metrics).build());
  }

  /** Returns a cached token, and refreshes it before it expires. */
  @Bean
  TokenSource<AccessToken> tokens(
      ShortLivedCredentials credentials, @Value("${inventory.account}") String account) {
    return credentials.tokenSource(
        AccessTokenRequest.of(ServiceAccount.of(account), Scopes.CLOUD_PLATFORM));
  }
}
