package com.example.inventory;

import io.github.shortlived.TokenSource;
import io.github.shortlived.model.AccessToken;
import java.util.List;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestClient;

/** Returns the email addresses of the service accounts of a project, first page. */
@RestController
class AccountsController {
  private final RestClient iam;

  AccountsController(
      TokenSource<AccessToken> tokens, @Value("${inventory.accounts}") String accounts) {
    this.iam =
        RestClient.builder()
            .baseUrl(accounts)
            .requestInitializer(request -> request.getHeaders().setBearerAuth(tokens.get().token()))
            .build();
  }

  @GetMapping("/accounts")
  List<String> accounts() {
    return iam.get().retrieve().body(AccountList.class).accounts().stream()
        .map(Account::email)
        .toList();
  }

  /** The fields of the response that this application reads. Without accounts, it is empty. */
  record AccountList(List<Account> accounts) {
    AccountList {
      accounts = accounts == null ? List.of() : accounts;
    }
  }

  record Account(String email) {}
}
