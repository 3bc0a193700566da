package routes.contract;

import routes.devservices.TestStores;

/** The Redis of development and tests keeps the contract. */
class RedisStandInTest extends RedisContract {

  @Override
  protected String url() {
    return TestStores.get().redis().url();
  }
}
